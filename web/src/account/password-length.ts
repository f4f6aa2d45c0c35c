/** As in settings/identity.json; the API decides. */
export const PASSWORD_LENGTH = 12;
