// One file for the browser: a person who signs in may as well sign up.
export { SignIn } from './sign-in';
export { Confirm, SignUp } from './sign-up';
export { Forgot } from './forgot';
export { Closed } from './closed';
