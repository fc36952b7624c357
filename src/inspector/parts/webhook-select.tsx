import { titleOf, webhooks } from '../state/webhooks.ts';
import { Select, SelectField } from './fields.tsx';

interface Props {
  readonly label: string;
  /** Empty: all, else the default one. */
  readonly value: string;
  readonly onPick: (id: string) => void;
  /** The text for all of them, where that can be chosen. */
  readonly all?: string;
  /** Is its label to be seen? */
  readonly isField?: true;
}

export function WebhookSelect({ label, value, onPick, all, isField }: Props) {
  const list = webhooks.value;
  const usual = all === undefined ? (list.find(({ alias }) => alias === 'default') ?? list[0]) : undefined;
  const View = isField === true ? SelectField : Select;
  return (
    <View
      label={label}
      value={value === '' ? (usual?.id ?? '') : value}
      onPick={onPick}
      options={[
        ...(all === undefined ? [] : [['', all] as const]),
        ...list.map((webhook) => [webhook.id, titleOf(webhook)] as const),
      ]}
    />
  );
}
