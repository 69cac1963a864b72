/** What an administrator of the installation can change while it runs. */
export interface Installation {
  readonly attachments: { enabled: boolean; uploadLimit: number };
}

/** As most installations come: attachments of up to 10 MiB. */
export function createInstallation(): Installation {
  return { attachments: { enabled: true, uploadLimit: 10 * 1024 * 1024 } };
}
