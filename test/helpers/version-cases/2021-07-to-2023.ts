import { barcodeReason } from '../../../src/payload/versions/2021-07-05-barcode-reason.ts';
import { inquiryReviewer } from '../../../src/payload/versions/2021-07-05-inquiry-reviewer.ts';
import { smartyStreets } from '../../../src/payload/versions/2021-07-05-smarty-streets.ts';
import { browserFingerprint } from '../../../src/payload/versions/2021-08-18-browser-fingerprint.ts';
import { extractionResults } from '../../../src/payload/versions/2021-08-18-extraction-results.ts';
import { fileUrls } from '../../../src/payload/versions/2023-01-05-file-urls.ts';
import { graphQueryStats } from '../../../src/payload/versions/2023-01-05-graph-query-stats.ts';
import { resource, pointer, type VersionCase } from './version-case.ts';

export const CASES_2021_07_TO_2023: readonly VersionCase[] = [
  {
    name: 'file URLs have the token in their path, and other URLs stay',
    change: fileUrls,
    before: resource('document/government-id', {
      'front-photo': { url: 'https://files.withpersona.com/front.jpg?access_token=a.b-c_d' },
      'original-urls': ['https://files.withpersona.com/raw.jpg?access_token=x', null],
      website: 'https://trading.sample.test/?access_token=x',
    }),
    after: resource('document/government-id', {
      'front-photo': { url: 'https://withpersona.com/api/v1/files/a.b-c_d/front.jpg' },
      'original-urls': ['https://withpersona.com/api/v1/files/x/raw.jpg', null],
      website: 'https://trading.sample.test/?access_token=x',
    }),
  },
  {
    name: 'graph queries have no stats',
    change: graphQueryStats,
    before: resource('graph-query', {
      status: 'completed',
      stats: {},
      'explorer-url': null,
      'node-limit-reached': false,
      nodes: [],
    }),
    after: resource('graph-query', { status: 'completed' }),
  },
  {
    name: 'generic documents have extraction-results beside extraction-responses, not computed',
    change: extractionResults,
    before: resource('document/generic', { 'extraction-responses': [], fields: {} }),
    after: resource('document/generic', {
      'extraction-responses': [],
      fields: {},
      'extraction-results': null,
    }),
  },
  {
    name: "a session has its device's fingerprint",
    change: browserFingerprint,
    before: resource(
      'inquiry-session',
      { status: 'active' },
      { device: { data: pointer('device', 'dev_1') } },
    ),
    after: resource(
      'inquiry-session',
      { status: 'active', 'browser-fingerprint': 'f1' },
      { device: { data: pointer('device', 'dev_1') } },
    ),
    included: [{ ...pointer('device', 'dev_1'), attributes: { 'browser-fingerprint': 'f1' } }],
  },
  {
    name: 'a session without its device has a stand-in that depends on the device alone',
    change: browserFingerprint,
    before: resource('inquiry-session', {}, { device: { data: pointer('device', 'dev_1') } }),
    after: resource(
      'inquiry-session',
      { 'browser-fingerprint': '9f32e2436dd0db4a5737ca5611fa747d' },
      { device: { data: pointer('device', 'dev_1') } },
    ),
  },
  {
    name: 'a decision of a workflow is told by attributes',
    change: inquiryReviewer,
    before: resource(
      'inquiry',
      { status: 'approved' },
      { reviewer: { data: pointer('workflow-run', 'wfr_1') }, reports: { data: [] } },
    ),
    after: resource(
      'inquiry',
      { status: 'approved', reviewer: 'wfr_1', 'reviewer-type': 'workflow-run' },
      { reports: { data: [] } },
    ),
  },
  {
    name: 'a reviewer is told by e-mail address',
    change: inquiryReviewer,
    before: resource('inquiry', {}, { reviewer: { data: pointer('user', 'user_1') } }),
    after: resource('inquiry', { reviewer: 'robin@sample.test', 'reviewer-type': 'user' }, {}),
    included: [{ ...pointer('user', 'user_1'), attributes: { 'email-address': 'robin@sample.test' } }],
  },
  {
    name: 'a reviewer who is not included has the address of the official example',
    change: inquiryReviewer,
    before: resource('inquiry', {}, { reviewer: { data: pointer('user', 'user_1') } }),
    after: resource('inquiry', { reviewer: 'reviewer@example.com', 'reviewer-type': 'user' }, {}),
  },
  {
    name: 'an inquiry that nobody has decided has no reviewer',
    change: inquiryReviewer,
    before: resource('inquiry', {}, { reviewer: { data: null } }),
    after: resource('inquiry', { reviewer: null, 'reviewer-type': null }, {}),
  },
  {
    name: 'database verifications repeat the normalized address',
    change: smartyStreets,
    before: resource('verification/database', {
      'normalized-address-street-1': '600 CALIFORNIA ST',
      'normalized-address-city': 'SAN FRANCISCO',
    }),
    after: resource('verification/database', {
      'normalized-address-street-1': '600 CALIFORNIA ST',
      'normalized-address-city': 'SAN FRANCISCO',
      'smarty-streets-address-street-1': '600 CALIFORNIA ST',
      'smarty-streets-address-street-2': null,
      'smarty-streets-address-city': 'SAN FRANCISCO',
      'smarty-streets-address-subdivision': null,
      'smarty-streets-address-postal-code': null,
      'smarty-streets-validation': null,
    }),
  },
  {
    name: 'a barcode that was not decoded counts as not detected',
    change: barcodeReason,
    before: resource('verification/government-id', {
      checks: [{ name: 'id_barcode_detection', reasons: ['barcode_not_decoded', 'other'] }],
    }),
    after: resource('verification/government-id', {
      checks: [{ name: 'id_barcode_detection', reasons: ['barcode_not_detected', 'other'] }],
    }),
  },
];
