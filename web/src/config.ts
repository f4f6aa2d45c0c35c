/** The differences between environments, in `config.json`, so that one build serves all of them. */
export interface Config {
  api_url: string;
  /** On a laptop: where confirmation codes arrive. */
  mailbox_url?: string;
}

export async function loadConfig(): Promise<Config> {
  const answer = await fetch('/config.json', { cache: 'no-cache' });
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`);
  const config: unknown = await answer.json();
  if (!isConfig(config)) throw new Error('config.json has no api_url');
  return { ...config, api_url: config.api_url.replace(/\/$/, '') };
}

function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && 'api_url' in value && typeof value.api_url === 'string';
}
