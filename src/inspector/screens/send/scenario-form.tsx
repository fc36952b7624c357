import { isReadOnly, pathOf, post } from '../../api/client.ts';
import type { Run, Scenarios } from '../../api/records.ts';
import { Field } from '../../parts/fields.tsx';
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
  const scenario = scenarios.find(({ name }) => name === wanted) ?? scenarios[0];
  if (error !== undefined) return <p class="error">{error}</p>;
  if (scenario === undefined) return null;
  const { name, description, events } = scenario;
  return (
    <section class="scenario" aria-labelledby="scenario-title">
      <h2 id="scenario-title">Or a scenario</h2>
      <Field label="Scenario" hint={`${counted(events.length, 'event')}: ${description}.`}>
        {(id, describedBy) => (
          <select
            id={id}
            value={name}
            aria-describedby={describedBy}
            onChange={(event) => setParams({ scenario: event.currentTarget.value })}
          >
            {scenarios.map((one) => (
              <option key={one.name} value={one.name} selected={one.name === name}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </Field>
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
