import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { TextField } from './fields.tsx';

interface Props {
  readonly label: string;
  readonly button: string;
  readonly onUse: (secret: string) => void;
  readonly children: ComponentChildren;
}

/** Asks for what only a person can know, and says why. */
export function SecretForm({ label, button, onUse, children }: Props) {
  const [secret, setSecret] = useState('');
  return (
    <form
      class="secret-form"
      onSubmit={(event) => {
        event.preventDefault();
        onUse(secret.trim());
      }}
    >
      {children}
      <TextField label={label} type="password" value={secret} onInput={setSecret} />
      <button type="submit" class="primary" disabled={secret.trim() === ''}>
        {button}
      </button>
    </form>
  );
}
