import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import { repositoryPrefixes } from '../repository-prefixes';

export interface EnhancedScanningProps {
  /** The repositories that are scanned; all that share their namespaces are. */
  readonly repositoryNames: readonly string[];
  /**
   * Whether images are scanned again whenever a vulnerability becomes known.
   *
   * @default true
   */
  readonly continuous?: boolean;
}

/**
 * Has Amazon Inspector scan images in the place of ECR. The setting is that of the whole registry, which is the account and
 * region: repositories outside of these namespaces are no longer scanned automatically. Inspector bills each image.
 */
export class EnhancedScanning extends Construct {
  constructor(scope: Construct, id: string, props: EnhancedScanningProps) {
    super(scope, id);
    new ecr.CfnRegistryScanningConfiguration(this, 'Configuration', {
      scanType: 'ENHANCED',
      rules: [
        {
          scanFrequency: (props.continuous ?? true) ? 'CONTINUOUS_SCAN' : 'SCAN_ON_PUSH',
          repositoryFilters: repositoryPrefixes(props.repositoryNames).map((prefix) => ({
            filter: prefix.endsWith('/') ? `${prefix}*` : prefix,
            filterType: 'WILDCARD',
          })),
        },
      ],
    });
  }
}
