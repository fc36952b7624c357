import { EVENT_NAMES } from '../../src/persona/event-names.ts';
import { ModelReceiver, Refusal } from './model-receiver.ts';
import type { Mutant } from './mutant.ts';

const isInquiry = (parsed: any) => String(parsed?.data?.attributes?.name).startsWith('inquiry.');
const objectOf = (parsed: any) => parsed.data.attributes.payload.data;

class RefusesUnknownNames extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    if (notice !== undefined && !new Set<string>(EVENT_NAMES).has(notice.name))
      throw new Refusal(400, 'unhandled event');
    return notice;
  }
}

class HandlesInquiriesOnly extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    if (!isInquiry(parsed)) throw new Refusal(422, 'unhandled event');
    return notice;
  }
}

class ThrowsOnSlash extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    if (notice?.name.includes('/') === true) throw new Error('no route');
    return notice;
  }
}

/** `additionalProperties: false`, on the envelope alone. */
class StrictEnvelope extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    const { data } = parsed;
    const known: [any, string[]][] = [
      [parsed, ['data']],
      [data, ['type', 'id', 'attributes']],
      [data.attributes, ['name', 'payload', 'created-at', 'context']],
      [data.attributes.payload, ['data', 'included']],
    ];
    const isKnown = known.every(([node, keys]) => Object.keys(node).every((key) => keys.includes(key)));
    if (!isKnown) throw new Refusal(400, 'unknown field');
    return notice;
  }
}

class StrictIncluded extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    for (const { type } of parsed.data.attributes.payload.included ?? []) {
      if (type === 'widget') throw new Refusal(400, 'unknown type');
    }
    return notice;
  }
}

class NeedsReferenceId extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    if (notice?.name === 'inquiry.approved') this.log(objectOf(parsed).attributes['reference-id'].trim());
    return notice;
  }
}

class DestructuresFields extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    if (notice?.name === 'inquiry.approved') {
      const { fields } = objectOf(parsed).attributes;
      this.log(`${fields['name-first'].value.length} letters`);
    }
    return notice;
  }
}

class DestructuresFieldObjects extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    if (notice?.name === 'inquiry.approved') {
      const { value } = objectOf(parsed).attributes.fields['name-first'];
      this.log(String(value));
    }
    return notice;
  }
}

class NeedsRelationships extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    if (notice?.name === 'inquiry.approved') this.log(objectOf(parsed).relationships.account.data.id);
    return notice;
  }
}

class AssumesIncluded extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    if (notice?.name === 'inquiry.approved') this.log(parsed.data.attributes.payload.included[0].id);
    return notice;
  }
}

/** Looks for the session among the first few: enough until an organisation includes more. */
class RefusesManyIncluded extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    if (parsed.data.attributes.payload.included?.length > 25) throw new Refusal(400, 'too many');
    return notice;
  }
}

class ReadsCamelCaseOnly extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    return parsed.data.attributes.createdAt === undefined ? undefined : notice;
  }
}

class ReadsEventId extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    return notice === undefined ? undefined : { ...notice, objectId: notice.eventId };
  }
}

class ReadsEventStatus extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    if (notice === undefined) return undefined;
    return { ...notice, status: parsed.data.attributes.status ?? notice.status };
  }
}

class TakesCompletedForApproved extends ModelReceiver {
  override read(parsed: any) {
    const notice = super.read(parsed);
    return notice?.status === 'completed' ? { ...notice, status: 'approved' } : notice;
  }
}

class ReadsNonEvents extends ModelReceiver {
  override read(parsed: any) {
    this.log(parsed.data.attributes.name);
    return super.read(parsed);
  }
}

export const PAYLOAD_READING_MUTANTS: readonly Mutant[] = [
  {
    id: 'refuses-unknown-names',
    bug: 'answers 400 to an event name that is not on its list',
    create: () => new RefusesUnknownNames(),
    fails: ['ENV-02'],
  },
  {
    id: 'handles-inquiries-only',
    bug: 'answers 422 to events that are not about inquiries',
    create: () => new HandlesInquiriesOnly(),
    fails: ['ENV-01', 'ENV-09'],
  },
  {
    id: 'throws-on-slash',
    bug: 'answers 500 to a name with a slash in it',
    create: () => new ThrowsOnSlash(),
    fails: ['ENV-01', 'ENV-09', 'ENV-13'],
  },
  {
    id: 'strict-envelope',
    bug: 'refuses unknown keys in the envelope',
    create: () => new StrictEnvelope(),
    // The decoy of ENV-10 is refused as well, which leaves that check without a finding.
    fails: ['ENV-03'],
  },
  {
    id: 'strict-included-types',
    bug: 'refuses included objects of an unknown type',
    create: () => new StrictIncluded(),
    fails: ['ENV-03'],
  },
  {
    id: 'needs-reference-id',
    bug: 'breaks on a reference-id that is null',
    create: () => new NeedsReferenceId(),
    fails: ['ORD-04', 'ENV-04', 'ENV-05', 'ENV-13'],
  },
  {
    id: 'needs-field-values',
    bug: 'breaks on a custom field without a value',
    create: () => new DestructuresFields(),
    fails: ['ENV-04', 'ENV-05'],
  },
  {
    id: 'destructures-fields',
    bug: 'destructures attributes.fields',
    create: () => new DestructuresFieldObjects(),
    // Fields stay objects where their values are null, so ENV-04 passes; `needs-field-values` fails there.
    fails: ['ENV-05', 'SEC-03'],
  },
  {
    id: 'needs-relationships',
    bug: 'reads relationships.account.data.id',
    create: () => new NeedsRelationships(),
    fails: ['ENV-04', 'ENV-06', 'ENV-13'],
  },
  {
    id: 'assumes-included',
    bug: 'reads included[0]',
    create: () => new AssumesIncluded(),
    fails: ['ENV-07'],
  },
  {
    id: 'refuses-many-included',
    bug: 'refuses an event that includes more than 25 objects',
    create: () => new RefusesManyIncluded(),
    fails: ['ENV-07'],
  },
  {
    id: 'reads-camel-case-only',
    bug: 'reads createdAt, and silently drops what has created-at',
    create: () => new ReadsCamelCaseOnly(),
    // Accepted and lost: whatever an oracle can count is found missing.
    fails: [
      'ACK-01',
      ...['RAW-01', 'RAW-02', 'RAW-03', 'RAW-04', 'RAW-05', 'RAW-06', 'RAW-07', 'RAW-09', 'TIME-01'],
      ...['TIME-02', 'TIME-07', 'ENV-03', 'ENV-07', 'ENV-08', 'ENV-10'],
    ],
  },
  {
    id: 'reads-event-id',
    bug: "keeps the status under the event's id",
    create: () => new ReadsEventId(),
    fails: ['ORD-03', 'ENV-10'],
  },
  {
    id: 'reads-event-status',
    bug: 'prefers data.attributes.status to the status of the object',
    create: () => new ReadsEventStatus(),
    fails: ['ENV-10'],
  },
  {
    id: 'completed-is-approved',
    bug: 'takes inquiry.completed for approval',
    create: () => new TakesCompletedForApproved(),
    fails: ['ENV-11'],
  },
  {
    id: 'reads-non-events',
    bug: 'reads data.attributes.name of whatever is signed',
    create: () => new ReadsNonEvents(),
    fails: ['ENV-12'],
  },
];
