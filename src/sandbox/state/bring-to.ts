import type { InquiryStatus } from '../../persona/inquiry-operations.ts';
import { finish } from './deciding.ts';
import { step } from './transitions.ts';
import type { World } from './world.ts';

/** Walks an inquiry that was just created to the status that a seed file gives it. */
export function bringTo(world: World, id: string, status: InquiryStatus): void {
  switch (status) {
    case 'created':
      return;
    case 'pending':
      return void step(world, id, 'inquiry.started');
    case 'completed':
      return finish(world, id, 'complete');
    case 'needs_review':
      return finish(world, id, 'review');
    case 'approved':
      return finish(world, id, 'approve');
    case 'declined':
      return finish(world, id, 'decline');
    case 'failed':
      return finish(world, id, 'fail');
    case 'expired':
      return void step(world, id, 'inquiry.expired');
  }
}
