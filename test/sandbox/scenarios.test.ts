import { testScenarios } from './scenarios.ts';

testScenarios('base URL', ({ url }) => ({ baseUrl: `${url}/api/v1` }));
testScenarios('injected fetch', ({ fetch }) => ({ baseUrl: 'https://withpersona.com/api/v1', fetch }));
