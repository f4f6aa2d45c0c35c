/**
 * The link for friends. The API's link ends in a token; here the token is behind the #, which a browser sends to no
 * server: neither CloudFront's logs nor a Referer have it.
 */
export const shareUrl = (apiLink: string, origin = location.origin) => `${origin}/shared#${tokenOf(apiLink)}`;

const tokenOf = (apiLink: string) => apiLink.slice(apiLink.lastIndexOf('/') + 1);

export function tokenIn(hash: string): string | undefined {
  const token = hash.replace(/^#/, '');
  return /^[A-Za-z0-9_-]{1,256}$/.test(token) ? token : undefined;
}
