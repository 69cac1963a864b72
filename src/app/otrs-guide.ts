import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { describeSetUp, type GuideFacts } from '../../connectors/otrs/guide/guide.ts';
import { renderGuide } from '../../connectors/otrs/guide/render.ts';
import { type WebServiceProof, writeWebService } from '../../connectors/otrs/guide/web-service-file.ts';
import { BridgeError } from '../errors.ts';
import { loadNamesInUse } from '../policy/load.ts';
import { bridgeUrlOf } from './bridge-url.ts';
import { type AppConfig, loadSettings } from './config.ts';

export interface SetUpGuide {
  /** For scripts. */
  readonly guide: object;
  /** For people. */
  readonly markdown: string;
}

/** What an administrator of OTRS has to create, as the configuration and the mappings want it. Holds no secret. */
export async function otrsGuide(file: string): Promise<SetUpGuide> {
  const { config } = await loadSettings(file);
  const expected = await loadNamesInUse(config.mappings);
  const bridgeUrl = bridgeUrlOf(config);
  const proof = proofOf(config);
  const facts: GuideFacts = {
    options: config.otrs,
    expected,
    proof: proof.by === 'none' ? 'signature' : proof.by,
    webService: await writeWebService({
      options: config.otrs,
      ownFields: expected.ticketFieldsShown.map(({ name }) => name),
      bridgeUrl: bridgeUrl ?? 'http://bridge.invalid',
      proof,
    }),
    ...(bridgeUrl === undefined ? {} : { bridgeUrl }),
  };
  const guide = describeSetUp(facts);
  return { guide, markdown: renderGuide(guide) };
}

/**
 * Writes the importable web service, secret included, for the owner's eyes only. Throws `CONFIGURATION_INVALID` where the
 * configuration does not tell how OTRS reaches the bridge.
 */
export async function writeOtrsWebService(file: string, target: string): Promise<void> {
  const { config } = await loadSettings(file);
  const expected = await loadNamesInUse(config.mappings);
  const bridgeUrl = bridgeUrlOf(config);
  if (bridgeUrl === undefined) {
    throw new BridgeError(
      'CONFIGURATION_INVALID',
      'http.public_url is not set, and http.host and http.port do not say where OTRS reaches the bridge: set http.public_url',
    );
  }

  const text = await writeWebService({
    options: config.otrs,
    ownFields: expected.ticketFieldsShown.map(({ name }) => name),
    bridgeUrl,
    proof: proofOf(config),
  });
  await writeForOwner(target, text);
}

/** Never readable for others, not for a moment, also where the file was there before. */
async function writeForOwner(target: string, text: string): Promise<void> {
  const beside = `${target}.${randomUUID()}`;
  try {
    await writeFile(beside, text, { mode: 0o600, flag: 'wx' });
    await rename(beside, target);
  } catch (thrown) {
    await rm(beside, { force: true });
    throw new BridgeError(
      'CONFIGURATION_INVALID',
      `${target} cannot be written: ${Error.isError(thrown) ? thrown.message : String(thrown)}`,
      { cause: thrown },
    );
  }
}

/** A web service of OTRS cannot sign; where nothing but a signature is taken, the notifier of the add-on package sends. */
function proofOf({ http: { webhooks } }: AppConfig): WebServiceProof {
  const { shared_secret: secrets, shared_secret_header: header, basic, signature_secrets: signatures } = webhooks.otrs;
  const [secret] = [secrets ?? []].flat();
  if (secret !== undefined) {
    return { by: 'header', header, secret };
  }
  if (basic !== undefined) {
    return { by: 'basic', ...basic };
  }
  return { by: signatures === undefined ? 'nothing' : 'none' };
}
