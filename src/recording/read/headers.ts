import { validateHeaderName, validateHeaderValue } from 'node:http';
import { fault, type HeaderList, type Place } from '../recording.ts';

/** Lines `Name: value`, from line `firstLine` of the file. @throws {ContentError} */
export function readHeaderLines(
  lines: readonly string[],
  { path, firstLine }: { path: string; firstLine: number },
): HeaderList {
  return lines.map((line, index) => {
    const place = { path, where: `line ${firstLine + index}` };
    const colon = line.indexOf(':');
    if (colon <= 0) {
      const hint = /^[ \t]/.test(line) ? 'a header continued on the next line: write it on one' : undefined;
      throw fault(place, { expected: 'a header, Name: value', found: shown(line), hint });
    }
    return checkedHeader([line.slice(0, colon), line.slice(colon + 1).trim()], place);
  });
}

/** @throws {ContentError} for a name or value that HTTP does not allow, and that could never be sent */
export function checkedHeaders(headers: HeaderList, place: Place): HeaderList {
  return headers.map((header) => checkedHeader(header, place));
}

function checkedHeader([name, value]: HeaderList[number], place: Place): HeaderList[number] {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return [name, value];
  } catch {
    throw fault(place, {
      expected: 'a header that HTTP allows',
      found: shown(`${name}: ${value}`),
      hint: 'is the file damaged?',
    });
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text);
}
