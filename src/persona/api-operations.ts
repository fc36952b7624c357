/**
 * Every operation of Persona's REST API: method, path, name and the section that documents it (OPENAPI, state of 2026-08-21).
 */
const TABLE = `
DELETE /accounts/{account-id} redact-an-account Accounts
DELETE /cases/{case-id} redact-a-case Cases
DELETE /inquiries/{inquiry-id} redact-an-inquiry Inquiries
DELETE /list-item/browser-fingerprints/{list-item-id} archive-a-browser-fingerprint-list-item List Items
DELETE /list-item/countries/{list-item-id} archive-a-country-list-item List Items
DELETE /list-item/device-fingerprints/{list-item-id} archive-a-device-fingerprint-list-item List Items
DELETE /list-item/email-addresses/{list-item-id} archive-an-email-address-list-item List Items
DELETE /list-item/fields/{list-item-id} archive-a-field-list-item List Items
DELETE /list-item/geolocations/{list-item-id} archive-a-geolocation-list-item List Items
DELETE /list-item/government-id-numbers/{list-item-id} archive-a-government-id-number-list-item List Items
DELETE /list-item/ip-addresses/{list-item-id} archive-an-ip-address-list-item List Items
DELETE /list-item/names/{list-item-id} archive-a-name-list-item List Items
DELETE /list-item/phone-numbers/{list-item-id} archive-a-phone-number-list-item List Items
DELETE /list-item/strings/{list-item-id} archive-a-string-list-item List Items
DELETE /lists/{list-id} archive-a-list Lists
DELETE /reports/{report-id} redact-a-report Reports
DELETE /theme-sets/{theme-set-id} archive-a-theme-set Theme Sets
DELETE /transactions/{transaction-id} redact-a-transaction Transactions
DELETE /verifications/{verification-id} redact-a-verification Verifications
GET /account-types/{account-type-id} retrieve-an-account-type Account Types
GET /accounts list-all-accounts Accounts
GET /accounts/{account-id} retrieve-an-account Accounts
GET /accounts/{account-id}/relations accounts-list-all-relations Accounts
GET /api-keys list-all-api-keys API Keys
GET /api-keys/{api-key-id} retrieve-an-api-key API Keys
GET /api-logs list-all-api-logs API Logs
GET /api-logs/{api-log-id} retrieve-an-api-log API Logs
GET /case-templates/{case-template-id} retrieve-a-case-template Case Templates
GET /cases list-all-cases Cases
GET /cases/{case-id} retrieve-case Cases
GET /connect/connections list-all-connect-connections Connect
GET /connect/connections/{connection-id} retrieve-a-connect-connection Connect
GET /connect/share-tokens list-all-share-tokens Connect
GET /connect/share-tokens/{share-token-id} retrieve-a-share-token Connect
GET /devices list-all-devices Devices
GET /devices/{device-id} retrieve-a-device Devices
GET /document/generics/{document-id} retrieve-a-generic-document Documents
GET /document/government-ids/{document-id} retrieve-a-government-id-document Documents
GET /documents/{document-id} retrieve-a-document Documents
GET /events list-all-events Events
GET /events/{event-id} retrieve-an-event Events
GET /graph-queries/{graph-query-id} retrieve-a-graph-query Graph
GET /importers list-all-importers Importers
GET /importers/{importer-id} retrieve-an-importer Importers
GET /inquiries list-all-inquiries Inquiries
GET /inquiries/{inquiry-id} retrieve-an-inquiry Inquiries
GET /inquiries/{inquiry-id}/print print-an-inquiry-pdf Inquiries
GET /inquiry-sessions list-all-inquiry-sessions Inquiry Sessions
GET /inquiry-sessions/{inquiry-session-id} retrieve-an-inquiry-session Inquiry Sessions
GET /inquiry-template-versions list-all-inquiry-template-versions Inquiry Templates
GET /inquiry-templates list-all-inquiry-templates Inquiry Templates
GET /inquiry-templates/{inquiry-template-id} retrieve-an-inquiry-template Inquiry Templates
GET /inquiry-templates/{inquiry-template-id}/translations retrieve-inquiry-template-translations Inquiry Templates
GET /list-item/browser-fingerprints/{list-item-id} retrieve-a-browser-fingerprint-list-item List Items
GET /list-item/countries/{list-item-id} retrieve-a-country-list-item List Items
GET /list-item/device-fingerprints/{list-item-id} retrieve-a-device-fingerprint-list-item List Items
GET /list-item/email-addresses/{list-item-id} retrieve-an-email-address-list-item List Items
GET /list-item/fields/{list-item-id} retrieve-a-field-list-item List Items
GET /list-item/geolocations/{list-item-id} retrieve-a-geolocation-list-item List Items
GET /list-item/government-id-numbers/{list-item-id} retrieve-a-government-id-number-list-item List Items
GET /list-item/ip-addresses/{list-item-id} retrieve-an-ip-address-list-item List Items
GET /list-item/names/{list-item-id} retrieve-a-name-list-item List Items
GET /list-item/phone-numbers/{list-item-id} retrieve-a-phone-number-list-item List Items
GET /list-item/strings/{list-item-id} retrieve-a-string-list-item List Items
GET /lists list-all-lists Lists
GET /lists/{list-id} retrieve-a-list Lists
GET /rate-limits list-all-rate-limits Rate Limits
GET /reports list-all-reports Reports
GET /reports/{report-id} retrieve-a-report Reports
GET /reports/{report-id}/history list-report-history Reports
GET /reports/{report-id}/print print-report-pdf Reports
GET /theme-sets list-all-theme-sets Theme Sets
GET /theme-sets/{theme-set-id} retrieve-a-theme-set Theme Sets
GET /transaction-types/{transaction-type-id} retrieve-a-transaction-type Transaction Types
GET /transactions list-all-transactions Transactions
GET /transactions/{transaction-id} retrieve-a-transaction Transactions
GET /user-audit-logs list-all-user-audit-logs User Audit Logs
GET /user-audit-logs/{user-audit-log-id} retrieve-a-user-audit-log User Audit Logs
GET /verification/aamvas/{verification-id} retrieve-an-aamva-verification AAMVA Verifications
GET /verification/database-ecbsvs/{verification-id} retrieve-an-ecbsv-database-verification eCBSV Database Verifications
GET /verification/database-phone-carriers/{verification-id} retrieve-a-phone-carrier-database-verification Phone Carrier Database Verifications
GET /verification/database-serpros/{verification-id} retrieve-a-serpro-database-verification Serpro Database Verifications
GET /verification/database-standards/{verification-id} retrieve-a-database-standard-verification Database Standard Verifications
GET /verification/database-tins/{verification-id} retrieve-a-tin-database-verification TIN Database Verifications
GET /verification/databases/{verification-id} retrieve-a-database-verification Database Verifications
GET /verification/documents/{verification-id} retrieve-a-document-verification Document Verifications
GET /verification/email-addresses/{verification-id} retrieve-a-email-address-verification Email Address Verifications
GET /verification/government-id-nfcs/{verification-id} retrieve-a-government-id-nfc-verification Government ID NFC Verifications
GET /verification/government-ids/{verification-id} retrieve-a-government-id-verification Government ID Verifications
GET /verification/phone-numbers/{verification-id} retrieve-a-phone-number-verification Phone Number Verifications
GET /verification/selfies/{verification-id} retrieve-a-selfie-verification Selfie Verifications
GET /verifications/{verification-id} retrieve-a-verification Verifications
GET /verifications/{verification-id}/print print-a-verification-as-pdf Verifications
GET /webhooks list-all-webhooks Webhooks
GET /webhooks/{webhook-id} retrieve-a-webhook Webhooks
GET /workflow-runs list-all-workflow-runs Workflows
GET /workflow-runs/{workflow-run-id} retrieve-a-workflow-run Workflows
GET /workflow-versions list-all-workflow-versions Workflows
PATCH /accounts/{account-id} update-an-account Accounts
PATCH /api-keys/{api-key-id} update-an-api-key API Keys
PATCH /cases/{case-id} update-a-case Cases
PATCH /inquiries/{inquiry-id} update-an-inquiry Inquiries
PATCH /theme-sets/{theme-set-id} update-a-theme-set Theme Sets
PATCH /transactions/{transaction-id} update-a-transaction Transactions
PATCH /webhooks/{webhook-id} update-a-webhook Webhooks
POST /accounts create-an-account Accounts
POST /accounts/search search-accounts Accounts
POST /accounts/{account-id}/add-relation accounts-add-relation Accounts
POST /accounts/{account-id}/add-tag accounts-add-tag Accounts
POST /accounts/{account-id}/consolidate consolidate-into-an-account Accounts
POST /accounts/{account-id}/remove-relation accounts-remove-relation Accounts
POST /accounts/{account-id}/remove-tag accounts-remove-tag Accounts
POST /accounts/{account-id}/run-action runAccountAction Accounts
POST /accounts/{account-id}/set-tags accounts-set-all-tags Accounts
POST /api-keys create-an-api-key API Keys
POST /api-keys/{api-key-id}/clone clone-api-key API Keys
POST /api-keys/{api-key-id}/expire expire-an-api-key API Keys
POST /cases create-a-case Cases
POST /cases/search search-cases Cases
POST /cases/{case-id}/add-objects add-persona-objects Cases
POST /cases/{case-id}/add-tag add-tag Cases
POST /cases/{case-id}/assign assign-a-case Cases
POST /cases/{case-id}/remove-objects remove-persona-objects Cases
POST /cases/{case-id}/remove-tag remove-tag Cases
POST /cases/{case-id}/set-status set-status-for-a-case Cases
POST /cases/{case-id}/set-tags set-tags Cases
POST /connect/connections create-a-connect-connection Connect
POST /connect/connections/{connection-id}/deactivate deactivate-a-connect-connection Connect
POST /connect/connections/{connection-id}/reactivate reactivate-a-connect-connection Connect
POST /connect/share-tokens create-a-share-token Connect
POST /connect/share-tokens/{share-token-id}/expire expire-share-token Connect
POST /connect/share-tokens/{share-token-id}/redeem redeem-share-token Connect
POST /graph-queries create-a-graph-query Graph
POST /importer/accounts import-an-account Importers
POST /importer/list-item/email-addresses import-email-address-lists Importers
POST /importer/list-item/geolocations import-geolocation-lists Importers
POST /importer/list-item/government-id-numbers import-government-id-number-lists Importers
POST /importer/list-item/ip-addresses import-ip-address-lists Importers
POST /importer/list-item/names import-name-lists Importers
POST /importer/list-item/phone-numbers import-phone-number-lists Importers
POST /inquiries create-an-inquiry Inquiries
POST /inquiries/search search-inquiries Inquiries
POST /inquiries/{inquiry-id}/add-tag inquiries-add-tag Inquiries
POST /inquiries/{inquiry-id}/approve approve-an-inquiry Inquiries
POST /inquiries/{inquiry-id}/decline decline-an-inquiry Inquiries
POST /inquiries/{inquiry-id}/expire expire-an-inquiry Inquiries
POST /inquiries/{inquiry-id}/generate-one-time-link generate-a-one-time-link Inquiries
POST /inquiries/{inquiry-id}/mark-for-review mark-an-inquiry-for-review Inquiries
POST /inquiries/{inquiry-id}/perform-simulate-actions inquiries-perform-simulate-actions Inquiries
POST /inquiries/{inquiry-id}/remove-tag inquiries-remove-tag Inquiries
POST /inquiries/{inquiry-id}/resume resume-an-inquiry Inquiries
POST /inquiries/{inquiry-id}/set-tags inquiries-set-all-tags Inquiries
POST /inquiry-sessions create-an-inquiry-session Inquiry Sessions
POST /inquiry-sessions/expire-all expire-inquiry-sessions Inquiry Sessions
POST /inquiry-sessions/{inquiry-session-id}/expire expire-an-inquiry-session Inquiry Sessions
POST /inquiry-sessions/{inquiry-session-id}/generate-one-time-link generate-a-one-time-link-for-an-inquiry-session Inquiry Sessions
POST /inquiry-templates/{inquiry-template-id}/translations import-inquiry-template-translations Inquiry Templates
POST /list-item/browser-fingerprints create-a-browser-fingerprint-list-item List Items
POST /list-item/countries create-a-country-list-item List Items
POST /list-item/device-fingerprints create-a-device-fingerprint-list-item List Items
POST /list-item/email-addresses create-an-email-address-list-item List Items
POST /list-item/fields create-a-field-list-item List Items
POST /list-item/geolocations create-a-geolocation-list-item List Items
POST /list-item/government-id-numbers create-a-government-id-number-list-item List Items
POST /list-item/ip-addresses create-an-ip-address-list-item List Items
POST /list-item/names create-a-name-list-item List Items
POST /list-item/phone-numbers create-a-phone-number-list-item List Items
POST /list-item/strings create-a-string-list-item List Items
POST /list/browser-fingerprints create-a-browser-fingerprint-list Lists
POST /list/countries create-a-country-list Lists
POST /list/email-addresses create-an-email-address-list Lists
POST /list/geolocations create-a-geolocation-list Lists
POST /list/government-id-numbers create-a-government-id-number-list Lists
POST /list/ip-addresses create-an-ip-address-list Lists
POST /list/names create-a-name-list Lists
POST /list/phone-numbers create-a-phone-number-list Lists
POST /list/strings create-a-strings-list Lists
POST /oauth/authorize create-authorization OAuth
POST /oauth/token create-access-token OAuth
POST /privacy-passes create-a-privacy-pass Relay
POST /relays create-a-relay Relay
POST /relays/challenge request-a-relay-challenge Relay
POST /relays/{relay-token}/generate-claim generate-a-relay-claim Relay
POST /reports create-a-report Reports
POST /reports/{report-id}/add-tag reports-add-tag Reports
POST /reports/{report-id}/dismiss dismiss-matches Reports
POST /reports/{report-id}/pause report-action-pause-continuous-monitoring Reports
POST /reports/{report-id}/remove-tag reports-remove-tag Reports
POST /reports/{report-id}/resume report-action-resume-continuous-monitoring Reports
POST /reports/{report-id}/run report-action-re-run-report Reports
POST /reports/{report-id}/set-tags reports-set-all-tags Reports
POST /theme-sets create-a-theme-set Theme Sets
POST /transactions create-a-transaction Transactions
POST /transactions/{transaction-id}/add-relation transactions-add-relation Transactions
POST /transactions/{transaction-id}/add-tag transactions-add-tag Transactions
POST /transactions/{transaction-id}/label create-a-transaction-label Transactions
POST /transactions/{transaction-id}/redact-biometrics redact-transaction-biometrics Transactions
POST /transactions/{transaction-id}/remove-relation transactions-remove-relation Transactions
POST /transactions/{transaction-id}/remove-tag transactions-remove-tag Transactions
POST /transactions/{transaction-id}/set-tags transactions-set-tags Transactions
POST /verifications/{verification-id}/investigation-lock investigation-lock-a-verification Verifications
POST /verifications/{verification-id}/investigation-unlock investigation-unlock-a-verification Verifications
POST /webhooks create-a-webhook Webhooks
POST /webhooks/{webhook-id}/archive archive-a-webhook Webhooks
POST /webhooks/{webhook-id}/clone clone-a-webhook Webhooks
POST /webhooks/{webhook-id}/disable disable-a-webhook Webhooks
POST /webhooks/{webhook-id}/enable enable-a-webhook Webhooks
POST /webhooks/{webhook-id}/rotate-secret rotate-a-webhook-secret Webhooks
POST /workflows/{workflow-id}/trigger create-a-workflow-run Workflows
`;

export interface ApiOperation {
  readonly method: string;
  /** Below `/api/v1`, with `{names}` in braces. */
  readonly path: string;
  readonly name: string;
  readonly section: string;
}

export const API_OPERATIONS: readonly ApiOperation[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [method = '', path = '', name = '', ...section] = line.split(' ');
    return { method, path, name, section: section.join(' ') };
  });
