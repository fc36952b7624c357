import { render } from 'preact';
import { keepToken } from './api/client.ts';
import { followKeys } from './keyboard.ts';
import { Shell } from './screens/shell.tsx';
import { followServer } from './state/follow.ts';
import { followTime } from './state/now.ts';
import { followAddress } from './state/route.ts';

keepToken();
followAddress();
followTime();
followKeys();
followServer();

const root = document.getElementById('app');
if (root !== null) render(<Shell />, root);
