import { render } from 'preact';
import { takeToken } from './api/client.ts';
import { followKeys } from './keyboard.ts';
import { Shell } from './screens/shell.tsx';
import { followServer } from './state/follow.ts';
import { followTime } from './state/now.ts';
import { followAddress } from './state/route.ts';
import { followOpenDelivery } from './state/selection.ts';

takeToken();
followAddress();
followOpenDelivery();
followTime();
followKeys();
followServer();

const root = document.getElementById('app');
if (root !== null) render(<Shell />, root);
