import type { Preview } from '../../api/records.ts';
import { SelectField, TextField } from '../../parts/fields.tsx';
import { pathsOf } from './paths.ts';
import type { SendForm } from './send-form.ts';
import { SIGNATURES } from './signatures.ts';

interface Props {
  readonly form: SendForm;
  readonly onChange: (form: SendForm) => void;
  readonly preview: Preview | undefined;
  readonly error: string | undefined;
}

export function Overrides({ form, onChange, preview, error }: Props) {
  return (
    <>
      <TextField
        label="Overrides, one per line"
        rows={5}
        value={form.overrides}
        onInput={(overrides) => onChange({ ...form, overrides })}
        placeholder={'status = declined\n+fields.color = {"type":"string","value":"red"}\n-tags'}
        error={error}
        hint="path = value (text or JSON); +path = value for a new member; -path takes one out."
      />
      <Completions form={form} onChange={onChange} preview={preview} />
      <TextField
        label="Reference id of the person"
        value={form.referenceId}
        onInput={(referenceId) => onChange({ ...form, referenceId })}
        placeholder="sample-user-1"
      />
      <SelectField
        label="Signature"
        value={form.signature}
        options={SIGNATURES}
        onPick={(signature) => onChange({ ...form, signature })}
      />
    </>
  );
}

const SHOWN = 6;

/** Paths of the event that begin like the line that is being written. */
function Completions({ form, onChange, preview }: Omit<Props, 'error'>) {
  const lines = form.overrides.split('\n');
  const last = lines.at(-1) ?? '';
  const [, sign = '', start = ''] = /^([+-]?)\s*([^=\s]*)$/.exec(last) ?? [];
  if (start === '' || preview === undefined) return null;
  const found = pathsOf(preview.body).filter((path) => path.includes(start) && path !== start);
  if (found.length === 0) return null;
  const complete = (path: string) =>
    onChange({
      ...form,
      overrides: [...lines.slice(0, -1), `${sign}${path}${sign === '-' ? '' : ' = '}`].join('\n'),
    });
  return (
    <ul class="chips" aria-label="Paths that fit">
      {found.slice(0, SHOWN).map((path) => (
        <li key={path}>
          <button type="button" class="small mono" onClick={() => complete(path)}>
            {path}
          </button>
        </li>
      ))}
    </ul>
  );
}
