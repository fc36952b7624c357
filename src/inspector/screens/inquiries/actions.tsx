import { useState } from 'preact/hooks';
import type { Inquiry, InquiryOperation, InquiryRules } from '../../api/sandbox.ts';
import { Select } from '../../parts/fields.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { decide, hostedPageOf, simulate } from '../../state/inquiries.ts';
import { attempt } from '../../state/notice.ts';

interface Action {
  readonly label: string;
  readonly operation: InquiryOperation;
  readonly act: (id: string) => Promise<void>;
}

const DECISIONS: readonly Action[] = [
  { label: 'Approve', operation: 'approve', act: (id) => decide(id, 'approve') },
  { label: 'Decline', operation: 'decline', act: (id) => decide(id, 'decline') },
  { label: 'Mark for review', operation: 'mark-for-review', act: (id) => decide(id, 'mark-for-review') },
  { label: 'Expire', operation: 'expire', act: (id) => decide(id, 'expire') },
];

const AS_PERSON: readonly Action[] = [
  { label: 'Start', operation: 'start', act: (id) => simulate(id, { type: 'start_inquiry' }) },
  { label: 'Complete', operation: 'complete', act: (id) => simulate(id, { type: 'complete_inquiry' }) },
  { label: 'Fail', operation: 'fail', act: (id) => simulate(id, { type: 'fail_inquiry' }) },
];

/** What the sandbox would refuse is disabled, in its words; until its rules are known, it decides at the press. */
export function Actions({ inquiry }: { inquiry: Inquiry }) {
  const { value: rules } = useLoaded<InquiryRules>('/inquiry-rules');
  const refused = refusedIn(inquiry, rules);
  const buttons = (actions: readonly Action[]) =>
    actions.map(({ label, operation, act }) => (
      <ActionButton
        key={label}
        label={label}
        refusal={refused[operation]}
        onClick={() => void attempt(() => act(inquiry.id))}
      />
    ));
  return (
    <div class="inquiry-actions">
      <div role="group" aria-label="Decide">
        <h3>Decide</h3>
        <div class="actions">{buttons(DECISIONS)}</div>
      </div>
      <div role="group" aria-label="Act as the person">
        <h3>Act as the person</h3>
        <div class="actions">
          {buttons(AS_PERSON)}
          <HostedPage id={inquiry.id} refusal={refused['generate-one-time-link']} />
        </div>
      </div>
      <Verifications id={inquiry.id} refusal={refused.verify} />
    </div>
  );
}

/** As docs/sandbox.md lists them. */
const TEMPLATES = [
  ['vtmpl_GovernmentiDSampLeSampLe', 'Government id'],
  ['vtmpl_DocumentSampLeSampLeSamp', 'Document'],
  ['vtmpl_SeLfieSampLeSampLeSampLe', 'Selfie'],
  ['vtmpl_DatabaseSampLeSampLeSamp', 'Database'],
] as const;

function Verifications({ id, refusal }: { id: string; refusal: string | undefined }) {
  const [template, setTemplate] = useState<string>(TEMPLATES[0][0]);
  const verify = (result: 'passed' | 'failed') => () =>
    void attempt(() =>
      simulate(id, {
        type: `create_${result}_verification`,
        data: { 'verification-template-id': template },
      }),
    );
  return (
    <div role="group" aria-label="Verify">
      <h3>Verify</h3>
      <div class="actions">
        <Select label="Verification" value={template} options={TEMPLATES} onPick={setTemplate} />
        <ActionButton label="Pass" refusal={refusal} onClick={verify('passed')} />
        <ActionButton label="Not pass" refusal={refusal} onClick={verify('failed')} />
      </div>
    </div>
  );
}

/** The operations that the inquiry's state does not allow, with why. */
function refusedIn({ attributes }: Inquiry, rules: InquiryRules | undefined): InquiryRules['created'] {
  const isRedacted = attributes['redacted-at'] != null;
  const state = isRedacted ? 'redacted' : (attributes.status as keyof InquiryRules);
  return rules?.[state] ?? {};
}

interface ActionButtonProps {
  readonly label: string;
  /** Why it is disabled. */
  readonly refusal: string | undefined;
  readonly onClick: () => void;
}

function ActionButton({ label, refusal, onClick }: ActionButtonProps) {
  return (
    <button type="button" disabled={refusal !== undefined} title={refusal} onClick={onClick}>
      {label}
    </button>
  );
}

/** Made when it is asked for: a link can be opened once. */
function HostedPage({ id, refusal }: { id: string; refusal: string | undefined }) {
  const [link, setLink] = useState('');
  if (link !== '' && refusal === undefined) {
    return (
      <a class="button" href={link} target="_blank" rel="noopener">
        Open the hosted page ↗
      </a>
    );
  }
  const make = () => void attempt(async () => setLink(await hostedPageOf(id)));
  return <ActionButton label="Link to the hosted page" refusal={refusal} onClick={make} />;
}
