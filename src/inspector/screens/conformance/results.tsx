import type { ConformanceRun } from '../../api/records.ts';
import { authorization } from '../../api/client.ts';
import { CopyButton } from '../../parts/code.tsx';
import { Prose } from '../../parts/prose.tsx';
import { counted } from '../../text/format.ts';
import { familyOf, reportPath, type Check, type Report } from './report.ts';

type Result = ConformanceRun['results'][number];

/** By family; failures are open and say what to do. */
export function Results({ run, report }: { run: ConformanceRun; report: Report | undefined }) {
  const checks = new Map((report?.receivers[0]?.checks ?? []).map((check) => [check.id, check]));
  const families = [...new Set(run.results.map(({ id }) => familyOf(id)))];
  return (
    <>
      {families.map((family) => {
        const results = run.results.filter(({ id }) => familyOf(id) === family);
        const count = (wanted: string) => results.filter(({ verdict }) => verdict === wanted).length;
        const [failed, unjudged] = [count('fail'), count('error')];
        return (
          <section key={family} class="card family" aria-labelledby={`family-${family}`}>
            <header>
              <h2 id={`family-${family}`}>{family}</h2>
              <p>
                {counted(results.length, 'check')}
                {failed > 0 && `, ${failed} failed`}
                {unjudged > 0 && `, ${unjudged} could not be judged`}
              </p>
            </header>
            <ul>
              {results.map((result) => (
                <CheckRow key={result.id} run={run.id} result={result} check={checks.get(result.id)} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}

interface CheckRowProps {
  readonly run: string;
  readonly result: Result;
  readonly check: Check | undefined;
}

function CheckRow({ run, result, check }: CheckRowProps) {
  const { id, title, verdict } = result;
  const head = (
    <>
      <span class={`badge ${verdict}`}>{verdict}</span> <code>{id}</code> {title}
    </>
  );
  if (check === undefined) return <li class="check-row">{head}</li>;
  return (
    <li class="check-row">
      <details open={verdict === 'fail'}>
        <summary>{head}</summary>
        <Facts run={run} check={check} />
      </details>
    </li>
  );
}

function Facts({ run, check }: { run: string; check: Check }) {
  const { id, requirement, expected, actual, source, cause, howToFix, fix, repeat } = check;
  const facts = [
    ['Rule', requirement],
    ['Expected', expected],
    ['Actual', actual],
    ...(cause === null ? [] : [['Likely cause', cause] as const]),
    ...(howToFix === null ? [] : [['How to fix it', howToFix] as const]),
    ['Source', source],
  ] as const;
  return (
    <dl class="check-facts">
      {facts.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Prose text={text} />
          </dd>
        </div>
      ))}
      {/* A link sends no token; then the report is there to be downloaded. */}
      {authorization()['authorization'] === undefined && !actual.startsWith('not run: ') && (
        <div>
          <dt>Exchange</dt>
          <dd>
            <a href={`${reportPath(run, 'html')}#r0-${id}`} target="_blank" rel="noopener">
              What was sent and answered ↗
            </a>
          </dd>
        </div>
      )}
      <div>
        <dt>More</dt>
        <dd>
          <a href={fix} target="_blank" rel="noopener noreferrer">
            {id} in the documentation ↗
          </a>
        </dd>
      </div>
      <div>
        <dt>Repeat</dt>
        <dd>
          <code>{repeat}</code> <CopyButton text={repeat} what={`the command of ${id}`} />
        </dd>
      </div>
    </dl>
  );
}
