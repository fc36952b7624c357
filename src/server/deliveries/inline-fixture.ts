import { FileError } from '../../errors.ts';
import { loadFixture, loadOwnFixture, type FixtureLibrary, type Fixture } from '../../fixture/load.ts';
import { isInside } from '../../text/inside.ts';

/** Stands for the path of a document that came with a request; messages call it that. */
const INLINE = 'fixture';

/**
 * A fixture out of a request: a whole event, an API object, or a recipe of the shipped fixtures. Nothing else of the
 * disk can be read through it.
 */
export function inlineFixture(name: string, text: string, library: FixtureLibrary): Promise<Fixture> {
  return loadOwnFixture(name, INLINE, withDocuments(library, new Map([[INLINE, text]])));
}

/** The library with documents of a request beside its own files, and with no way out of its folder. */
export function withDocuments(
  library: FixtureLibrary,
  documents: ReadonlyMap<string, string>,
): FixtureLibrary {
  const { files, directory, resolvedDirectory = directory } = library;
  return {
    ...library,
    files: {
      read: (path) => {
        const text = documents.get(path);
        if (text !== undefined) return Promise.resolve(Buffer.from(text));
        if (isInside(directory, path) || isInside(resolvedDirectory, path)) return files.read(path);
        return Promise.reject(new FileError(path, 'a request cannot name files; send the document itself'));
      },
    },
  };
}

/** The shipped fixtures, each read once. */
export function cachedFixtures(library: FixtureLibrary): (name: string) => Promise<Fixture> {
  const loaded = new Map<string, Promise<Fixture>>();
  return (name) => {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const fixture = loadFixture(name, library);
    loaded.set(name, fixture);
    fixture.catch(() => loaded.delete(name));
    return fixture;
  };
}
