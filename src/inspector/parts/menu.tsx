interface Props {
  readonly label: string;
  /** What is shown while nothing is picked, which is always. */
  readonly title: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onPick: (value: string) => void;
}

/** A list of things to do: each pick does one. */
export function Menu({ label, title, options, onPick }: Props) {
  return (
    <select
      class="menu"
      aria-label={label}
      onChange={({ currentTarget }) => {
        onPick(currentTarget.value);
        currentTarget.selectedIndex = 0;
      }}
    >
      <option value="">{title}</option>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}
