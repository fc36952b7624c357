import { NULL, putBack, scalarAt, type VersionChange } from './version-change.ts';

/** OPENAPI says which attribute replaced which. UNDOCUMENTED: values of the validation, replaced by nothing. */
export const smartyStreets: VersionChange = {
  version: '2021-07-05',
  types: ['verification/database'],
  description: 'Database verifications no longer have smarty-streets attributes.',
  source:
    'CHANGELOG 2021-07-15 (headed v2021-07-05); OPENAPI 2021-05-14 verification-database, last attributes',
  downgrade: (attributes) =>
    putBack(attributes, {
      'smarty-streets-address-street-1': scalarAt(attributes, 'normalized-address-street-1'),
      'smarty-streets-address-street-2': scalarAt(attributes, 'normalized-address-street-2'),
      'smarty-streets-address-city': scalarAt(attributes, 'normalized-address-city'),
      'smarty-streets-address-subdivision': scalarAt(attributes, 'normalized-address-subdivision'),
      'smarty-streets-address-postal-code': scalarAt(attributes, 'normalized-address-postal-code'),
      'smarty-streets-validation': NULL,
    }),
};
