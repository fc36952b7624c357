import { deliveryExtrasSchema, type DeliveryExtras } from '../delivery-extras-schema.ts';
import { textOf, type Row } from './database.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Statements } from './statements.ts';

const OF_DELIVERY = 'delivery:';

/** A column of a query over `deliveries`; `extrasOf` reads it. */
export const EXTRAS_COLUMN = `CAST((SELECT value FROM settings WHERE name = '${OF_DELIVERY}' || deliveries.id) AS BLOB)
  AS extras`;

/** Takes out what tells of deliveries that are not there. */
export const REMOVE_STRAY_EXTRAS = `DELETE FROM settings WHERE name LIKE '${OF_DELIVERY}%'
  AND CAST(substr(name, ${OF_DELIVERY.length + 1}) AS INTEGER) NOT IN (SELECT id FROM deliveries);`;

/** @throws when it is damaged, or of a newer hookcast */
export function extrasOf(row: Row): DeliveryExtras | undefined {
  const text = textOf(row['extras']);
  return text === undefined ? undefined : deliveryExtrasSchema.parse(JSON.parse(text));
}

/** What is known beside the tables, by a name, as JSON: no other reader needs to know of it. */
export class Notes {
  readonly #statements: Statements;
  readonly #group: GroupCommit;

  constructor({ statements, group }: { readonly statements: Statements; readonly group: GroupCommit }) {
    this.#statements = statements;
    this.#group = group;
  }

  /** Adds to what is noted under a name. */
  add(name: string, members: object): void {
    this.#group.write(() => this.#statements.note.run(name, JSON.stringify(members)));
  }

  addToDelivery(id: number, extras: DeliveryExtras): void {
    this.add(`${OF_DELIVERY}${id}`, extras);
  }

  /** By what follows `prefix` in their names. What cannot be read is left out. */
  all(prefix: string): Map<string, unknown> {
    const rows = this.#group.read(() => this.#statements.notes.all(prefix.length + 1, prefix)) as Row[];
    return new Map(
      rows.flatMap((row) => {
        const note = parsed(textOf(row['value']) ?? '');
        return note === undefined ? [] : [[textOf(row['rest']) ?? '', note]];
      }),
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
