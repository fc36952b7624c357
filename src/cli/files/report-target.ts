import { extname } from 'node:path';
import { UnknownNameError, UsageError } from '../../errors.ts';
import { nearest } from '../../text/nearest.ts';

export interface ReportTarget<Format extends string> {
  readonly format: Format;
  /** Undefined: standard output. */
  readonly path: string | undefined;
}

const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.html': 'html',
  '.htm': 'html',
  '.json': 'json',
  '.xml': 'junit',
  '.tap': 'tap',
  '.md': 'markdown',
  '.txt': 'text',
};

/**
 * Reads `--report [format=]file`: the format follows from the file's ending where it is left out; a format alone
 * means standard output. @throws {UsageError | UnknownNameError}
 */
export function parseReportTarget<Format extends string>(
  text: string,
  formats: readonly Format[],
): ReportTarget<Format> {
  const equals = text.indexOf('=');
  if (equals < 0) return withoutEquals(text, formats);
  const [name, path] = [text.slice(0, equals), text.slice(equals + 1)];
  const format = formats.find((one) => one === name) ?? unknownFormat(name, formats);
  if (path === '') throw new UsageError(`--report '${text}': expected a file, e.g. ${name}=report.${name}`);
  return { format, path };
}

function withoutEquals<Format extends string>(
  text: string,
  formats: readonly Format[],
): ReportTarget<Format> {
  const named = formats.find((one) => one === text);
  if (named !== undefined) return { format: named, path: undefined };
  const format = formats.find((one) => one === BY_EXTENSION[extname(text).toLowerCase()]);
  if (format !== undefined) return { format, path: text };
  if (!text.includes('.')) return unknownFormat(text, formats);
  const guess =
    formats[0] === undefined
      ? ''
      : `; did you mean ${formats.includes('html' as Format) ? 'html' : formats[0]}=${text}?`;
  throw new UsageError(`--report ${text}: the file's ending names no format${guess}`);
}

function unknownFormat(name: string, formats: readonly string[]): never {
  const hint = `Formats: ${formats.join(', ')}`;
  throw new UnknownNameError('report format', name, { nearest: nearest(name, formats), hint });
}
