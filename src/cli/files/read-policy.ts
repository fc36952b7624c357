import { diskFiles } from '../../fixture/files.ts';
import { readSource } from '../../fixture/load.ts';
import { validate } from '../../json/validate.ts';
import type { DeliveryPolicy } from '../../persona/policies.ts';
import { policyFrom, policySchema } from '../../persona/policy-file.ts';

/** A policy of the user's own. @throws {ContentError | FileError} */
export async function readPolicy(path: string): Promise<DeliveryPolicy> {
  const { node } = await readSource(path, diskFiles);
  return policyFrom(validate(policySchema, node, path));
}
