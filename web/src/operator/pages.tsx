// One file for the browser, since an operator who opens one of these pages opens the others too.
export { ExecutionPage } from './execution-page';
export { ExecutionsPage } from './executions-page';
export { OverviewPage } from './overview-page';
export { RejectedPage } from './rejected-page';
export { SweepPage } from './sweep-page';
