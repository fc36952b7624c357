import { fromValue, stringAt, withMember, type JsonObject } from '../../json/node.ts';
import { meant, nearest } from '../../text/nearest.ts';
import { ApiError } from '../errors.ts';
import { withRelation, withValues, type Reference } from './edit.ts';
import { referenceTo } from './store.ts';
import type { Environment } from './environment.ts';

/** How a request names the template. */
export interface TemplateChoice {
  /** `legacy`: `tmpl_…` and `blu_…`, templates of the former kind, of which the sandbox knows the id alone. */
  readonly kind: 'template' | 'version' | 'legacy';
  readonly id: string;
}

export interface TemplateReferences {
  readonly template: Reference | null;
  readonly version: Reference | null;
  readonly legacy: Reference | null;
}

export interface TemplateInput {
  readonly id: string;
  readonly name?: string | undefined;
  readonly versionId?: string | undefined;
}

/** Adds a template and its published version. */
export function addTemplate(environment: Environment, { id, name, versionId }: TemplateInput): JsonObject {
  const version = named(
    environment.story.included('inquiry.created', 'inquiry-template-version'),
    versionId ?? `itmplv_${id.slice(id.indexOf('_') + 1)}`,
  );
  const sample = named(environment.story.included('inquiry.created', 'inquiry-template'), id);
  const template = withRelation(
    name === undefined ? sample : withValues(sample, { name }),
    'latest-published-version',
    referenceTo(version),
  );
  environment.store.put(withRelation(version, 'inquiry-template', referenceTo(template)));
  return environment.store.put(template);
}

function named(resource: JsonObject, id: string): JsonObject {
  return withMember(resource, 'id', fromValue(id));
}

/**
 * The template that a request names. Unless a seed file names the templates, every well-formed id is one: an app's own
 * template ids then work unchanged.
 * @throws {ApiError} 404 when there is none
 */
export function templateFor(environment: Environment, choice: TemplateChoice): TemplateReferences {
  if (choice.kind === 'legacy') {
    return { template: null, version: null, legacy: { type: 'template', id: choice.id } };
  }
  const template =
    choice.kind === 'template'
      ? templateById(environment, choice.id)
      : templateByVersion(environment, choice.id);
  const version = environment.store.relation(template, 'latest-published-version')[0];
  return {
    template: referenceTo(template),
    version: version === undefined ? null : referenceTo(version),
    legacy: null,
  };
}

function templateById(environment: Environment, id: string): JsonObject {
  const known = environment.store.get(id);
  if (known !== undefined) return known;
  if (!environment.settings.hasOwnTemplates) return addTemplate(environment, { id });
  throw unknownTemplate(environment, 'inquiry-template-id', { id, family: 'inquiry-template' });
}

function templateByVersion(environment: Environment, id: string): JsonObject {
  const version = environment.store.get(id);
  const templateId = stringAt(version, 'relationships', 'inquiry-template', 'data', 'id');
  const known = templateId === undefined ? undefined : environment.store.get(templateId);
  if (known !== undefined) return known;
  if (!environment.settings.hasOwnTemplates)
    return addTemplate(environment, { id: `itmpl_${id.slice(id.indexOf('_') + 1)}`, versionId: id });
  throw unknownTemplate(environment, 'inquiry-template-version-id', {
    id,
    family: 'inquiry-template-version',
  });
}

function unknownTemplate(
  { store }: Environment,
  attribute: string,
  { id, family }: { id: string; family: string },
): ApiError {
  const known = store.ids(family);
  const hint = meant(nearest(id, known), `the seed has ${known.join(', ')}`);
  return new ApiError(404, `data.attributes.${attribute} is not found: ${hint}`);
}
