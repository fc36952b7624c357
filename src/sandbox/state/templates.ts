import { fromValue, withMember, type JsonObject } from '../../json/node.ts';
import { meant, nearest } from '../../text/nearest.ts';
import { ApiError } from '../errors.ts';
import { withRelations, withValues, type Reference } from './edit.ts';
import { referenceTo, relatedId } from './store.ts';
import type { Environment } from './environment.ts';

/** How a request names the template. */
export interface TemplateChoice {
  /** `legacy`: `tmpl_…` and `blu_…`, templates of the former kind, of which the sandbox knows the id alone. */
  readonly kind: 'template' | 'version' | 'legacy';
  readonly id: string;
}

/** Relationships of an inquiry. */
type TemplateRelations = Readonly<
  Record<'template' | 'inquiry-template' | 'inquiry-template-version', Reference | null>
>;

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
  const template = withRelations(name === undefined ? sample : withValues(sample, { name }), {
    'latest-published-version': referenceTo(version),
  });
  environment.store.put(withRelations(version, { 'inquiry-template': referenceTo(template) }));
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
export function templateFor(environment: Environment, choice: TemplateChoice): TemplateRelations {
  if (choice.kind === 'legacy') {
    const legacy = { type: 'template', id: choice.id };
    return { template: legacy, 'inquiry-template': null, 'inquiry-template-version': null };
  }
  const template =
    choice.kind === 'template'
      ? templateById(environment, choice.id)
      : templateByVersion(environment, choice.id);
  const version = environment.store.relation(template, 'latest-published-version')[0];
  return {
    template: null,
    'inquiry-template': referenceTo(template),
    'inquiry-template-version': version === undefined ? null : referenceTo(version),
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
  const templateId = relatedId(version, 'inquiry-template');
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
