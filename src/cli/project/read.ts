import { dirname } from 'node:path';
import { ContentError } from '../../errors.ts';
import { diskFiles } from '../../fixture/files.ts';
import { readSource } from '../../fixture/load.ts';
import { member, type JsonNode } from '../../json/node.ts';
import { validate } from '../../json/validate.ts';
import { projectSchema, type Project } from './schema.ts';

export interface ProjectFile {
  readonly path: string;
  /** What relative paths start from. */
  readonly folder: string;
  readonly values: Project;
}

/** @throws {ContentError | FileError} */
export async function readProject(path: string): Promise<ProjectFile> {
  const { node } = await readSource(path, diskFiles);
  refuseLiteralSecret(node, path);
  return { path, folder: dirname(path), values: validate(projectSchema, node, path) };
}

/** Apart from the schema, whose message would show what was found. */
function refuseLiteralSecret(node: JsonNode, path: string): void {
  const secret = member(node, 'secret');
  if (secret === undefined) return;
  const name = member(secret, 'env');
  if (name?.kind === 'scalar' && typeof name.value === 'string' && /^[A-Za-z_]\w*$/.test(name.value)) return;
  throw new ContentError(path, {
    where: 'secret',
    expected: '{"env": "PERSONA_WEBHOOK_SECRET"}, the name of a variable',
    found: 'something else (not shown, in case it is the secret)',
    hint: 'this file is committed: keep the secret itself in the environment',
  });
}
