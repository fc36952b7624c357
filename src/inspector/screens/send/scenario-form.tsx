import { isReadOnly, pathOf, post } from '../../api/client.ts';
import type { Run, Scenarios } from '../../api/records.ts';
import { SelectField } from '../../parts/fields.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { attempt, tell } from '../../state/notice.ts';
import { addressOf, go, route, setParams } from '../../state/route.ts';
import { webhooks } from '../../state/webhooks.ts';
import { counted } from '../../text/format.ts';

interface Props {
  /** Of the whole screen; empty where none was chosen. */
  readonly webhook: string;
  readonly referenceId: string;
}

/** Events that belong together, sent to the chosen webhook about the chosen person. */
export function ScenarioForm(chosen: Props) {
  const { value, error } = useLoaded<Scenarios>('/v1/scenarios');
  const scenarios = value?.scenarios ?? [];
  const { scenario: wanted = 'quickstart' } = route.value.params;
  const shown = scenarios.find(({ name }) => name === wanted) ?? scenarios[0];
  if (error !== undefined) return <p class="error">{error}</p>;
  if (shown === undefined) return null;
  const { name, description, events } = shown;
  return (
    <section class="scenario" aria-labelledby="scenario-title">
      <h2 id="scenario-title">Or a scenario</h2>
      <SelectField
        label="Scenario"
        value={name}
        options={scenarios.map((one) => [one.name, one.name] as const)}
        onPick={(scenario) => setParams({ scenario })}
        hint={`${counted(events.length, 'event')}: ${description}.`}
      />
      <button
        type="button"
        class="wide"
        disabled={isReadOnly.value || webhooks.value.length === 0}
        onClick={() => void attempt(() => start(name, chosen))}
      >
        Send {name}
      </button>
    </section>
  );
}

async function start(name: string, chosen: Props): Promise<void> {
  const body = Object.fromEntries(Object.entries(chosen).filter(([, text]) => text !== ''));
  const { id, deliveries } = await post<Run>(pathOf`/v1/scenarios/${name}/runs`, body);
  tell(`${name} is under way as ${id}: ${counted(deliveries.length, 'delivery', 'deliveries')}`);
  go(addressOf({ screen: 'deliveries', id: undefined, params: { run: id } }));
}
