import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly children: (id: string, describedBy: string | undefined) => ComponentChildren;
}

/** A label, what it labels, and a hint or an error below. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id, note === undefined ? undefined : `${id}-note`)}
      {note !== undefined && (
        <p class={error === undefined ? 'hint' : 'error'} id={`${id}-note`}>
          {note}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly placeholder?: string;
  readonly rows?: number;
  readonly type?: string;
}

export function TextField({
  value,
  onInput,
  placeholder = '',
  rows,
  type = 'text',
  ...field
}: TextFieldProps) {
  const common = { value, placeholder, spellcheck: false, autocomplete: 'off' } as const;
  return (
    <Field {...field}>
      {(id, describedBy) =>
        rows === undefined ? (
          <input
            {...common}
            {...{ id, type }}
            aria-describedby={describedBy}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        ) : (
          <textarea
            {...common}
            {...{ id, rows }}
            aria-describedby={describedBy}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onPick: (value: string) => void;
}

/** Its label is for those who hear the page; the options have to speak for themselves. */
export function Select({ label, ...choice }: SelectProps) {
  return <Choice {...choice} aria-label={label} />;
}

/** With a label to be seen, and a hint below. */
export function SelectField({
  value,
  options,
  onPick,
  ...field
}: SelectProps & Pick<FieldProps, 'label' | 'hint'>) {
  return (
    <Field {...field}>
      {(id, describedBy) => <Choice {...{ value, options, onPick, id }} aria-describedby={describedBy} />}
    </Field>
  );
}

interface ChoiceProps extends Omit<SelectProps, 'label'> {
  readonly id?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string | undefined;
}

function Choice({ value, options, onPick, ...names }: ChoiceProps) {
  return (
    <select {...names} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
      {options.map(([option, text]) => (
        <option key={option} value={option} selected={option === value}>
          {text}
        </option>
      ))}
    </select>
  );
}
