import type { FixtureLibrary } from '../../fixture/load.ts';
import type { RenderBody } from '../load-ledger.ts';

/**
 * Makes the bodies of load runs again. What that needs is loaded with the first one: most journals have none.
 * @param library - where the fixtures are. @default those of the package
 */
export function renderLoadBodies(library?: FixtureLibrary): RenderBody {
  let render: RenderBody | undefined;
  return (event, run) => {
    if (render !== undefined) return render(event, run);
    return load(library).then((loaded) => {
      render ??= loaded;
      return render(event, run);
    });
  };
}

async function load(library: FixtureLibrary | undefined): Promise<RenderBody> {
  const { bodyRenderer } = await import('../../render/render-again.ts');
  const { bundledFixtures } = await import('../../fixture/files.ts');
  return bodyRenderer(library ?? bundledFixtures());
}
