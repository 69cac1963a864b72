import type { AppConfig } from './config.ts';

/** Where the bridge is reached, without a slash at the end; undefined where the configuration does not tell. */
export function bridgeUrlOf({ http: { public_url: publicUrl, host, port } }: AppConfig): string | undefined {
  if (publicUrl !== undefined) {
    return publicUrl.replace(/\/+$/, '');
  }

  const isEverywhere = host === '0.0.0.0' || host === '::';
  return isEverywhere || port === 0 ? undefined : `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
