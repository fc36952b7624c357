import { API_OPERATIONS, type ApiOperation } from '../../persona/api-operations.ts';
import { API_PATH } from '../../persona/api.ts';
import { meant, nearest } from '../../text/nearest.ts';
import { ApiError } from '../errors.ts';
import { mistakenPath } from '../mistakes.ts';

const ID = /^[a-z]+_[0-9A-Za-z_-]+$/;
/** What else stands in a path may be a person's. */
const WORD = /^[\w.-]*$/;

/** The path for a log: what is neither a word nor an id is left out. */
export function shownPath(path: string): string {
  return path
    .split('/')
    .map((part) => (WORD.test(part) ? part : '{…}'))
    .join('/');
}

/** 404 that says which path was meant. @param path - of the request, with or without `/api/v1` */
export function unknownPath(method: string, path: string): ApiError {
  if (path !== API_PATH && !path.startsWith(`${API_PATH}/`)) {
    return new ApiError(
      404,
      `There is no ${method} ${shownPath(path)}: the base URL of Persona's API ends in ${API_PATH}.`,
    );
  }
  const below = path.slice(API_PATH.length);
  const known = mistakenPath(method, below.replace(/\/$/, ''));
  return new ApiError(404, `There is no ${method} ${shownPath(below)}: ${known ?? nearPath(method, below)}`);
}

function nearPath(method: string, path: string): string {
  const shape = path
    .split('/')
    .map((part) => (ID.test(part) ? '{id}' : part))
    .join('/');
  const paths = API_OPERATIONS.map((operation) => `${operation.method} ${shapeOf(operation)}`);
  return meant(nearest(`${method} ${shape}`, new Set(paths)), 'Persona has no such path');
}

function shapeOf({ path }: ApiOperation): string {
  return path.replace(/\{[^}]+\}/g, '{id}');
}

/** 501 for an operation of Persona's that is not here. */
export function notHere({ method, path, name, section }: ApiOperation, here: readonly string[]): ApiError {
  const near = nearest(name, here);
  const hint = near.length === 0 ? '' : ` Near it: ${near.join(', ')}.`;
  return new ApiError(
    501,
    `The sandbox does not have ${name} (${method} ${path}, ${section}).${hint} docs/coverage.md of the package lists what it has.`,
  );
}
