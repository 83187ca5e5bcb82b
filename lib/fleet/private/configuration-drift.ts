import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';

export interface ConfigurationDriftProps {
  /** Name of the endpoint, known before the endpoint is. */
  readonly endpointName: string;
  /** Name of the configuration that the endpoint should have. */
  readonly endpointConfigName: string;
}

/**
 * Notices an endpoint that serves with another configuration than the one of the template.
 *
 * SageMaker rolls an update back that fails, and the endpoint is in service again, which CloudFormation takes for
 * success. The event that says so names the configuration in use. If the rollback fails, too, instances of both are in service.
 *
 * The rule must be updated before the endpoint, or it would compare with the configuration before; so let the endpoint
 * depend on it, and do not get the name from the endpoint. If the endpoint scales in just that moment, the alarm is false.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-endpoint
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/48997
 */
export class ConfigurationDrift extends Construct {
  /** Matches the event. */
  public readonly rule: Rule;

  /** Fires when the rule has matched. */
  public readonly alarm: Alarm;

  constructor(scope: Construct, id: string, { endpointName, endpointConfigName }: ConfigurationDriftProps) {
    super(scope, id);

    this.rule = new Rule(this, 'Rule', {
      description: 'The endpoint is in service with another configuration than the one deployed, or with a mix',
      eventPattern: {
        source: ['aws.sagemaker'],
        detailType: ['SageMaker Endpoint State Change'],
        detail: {
          EndpointName: [endpointName],
          $or: [
            { EndpointStatus: ['IN_SERVICE'], EndpointConfigName: [{ 'anything-but': [endpointConfigName] }] },
            { EndpointStatus: ['UPDATE_ROLLBACK_FAILED'] },
          ],
        },
      },
    });

    this.alarm = new Alarm(this, 'Alarm', {
      metric: new Metric({
        namespace: 'AWS/Events',
        metricName: 'MatchedEvents',
        dimensionsMap: { RuleName: this.rule.ruleName },
        statistic: Stats.SUM,
        period: Duration.minutes(1),
      }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription:
        'SageMaker rolled an update of the endpoint back: it serves with its former configuration, or with a mix. DescribeEndpoint gives the reason',
    });
  }
}
