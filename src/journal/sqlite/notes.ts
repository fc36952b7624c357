import { deliveryExtrasSchema, type DeliveryExtras } from '../delivery-extras-schema.ts';
import type { Journal } from '../journal.ts';
import { jsonValue } from '../../text/json-value.ts';
import { textOf, type Row } from './database.ts';
import type { JournalFile } from './journal-file.ts';

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
export function noteRows({ statements, group }: JournalFile) {
  const note: Journal['note'] = (name, members) =>
    group.write(() =>
      members === undefined
        ? statements.removeNote.run(name)
        : statements.note.run(name, JSON.stringify(members)),
    );
  return {
    note,
    addExtras: (delivery, extras) => note(`${OF_DELIVERY}${delivery}`, extras),
    // What cannot be read is left out.
    notes: (prefix) => {
      const rows = group.read(() => statements.notes.all(prefix.length + 1, prefix)) as Row[];
      return new Map(
        rows.flatMap((row) => {
          const read = jsonValue(textOf(row['value']) ?? '');
          return read === undefined ? [] : [[textOf(row['rest']) ?? '', read]];
        }),
      );
    },
  } satisfies Partial<Journal>;
}
