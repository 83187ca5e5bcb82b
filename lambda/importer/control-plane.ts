import {
  type BedrockClient,
  CreateModelImportJobCommand,
  DeleteImportedModelCommand,
  GetImportedModelCommand,
  GetModelImportJobCommand,
  type ModelImportJobStatus,
  paginateListModelImportJobs,
  type Tag,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-bedrock';
import { jobNamePrefix } from './naming';
import type { ImportProperties } from './requests';
import { isNotFound } from './service-errors';

export interface ImportJob {
  readonly arn: string;
  readonly status: ModelImportJobStatus;
  /** Once it has completed. */
  readonly modelArn?: string;
  readonly failureMessage?: string;
}

export interface Model {
  readonly arn: string;
  readonly jobArn?: string;
  /** Whether a job of this resource made it. */
  readonly ours: boolean;
}

export type ControlPlane = ReturnType<typeof controlPlane>;

/** The calls of Bedrock's control plane that imports need. */
export function controlPlane(client: BedrockClient) {
  return {
    /** @param id name or ARN */
    async job(id: string): Promise<ImportJob | undefined> {
      const job = await unlessMissing(client.send(new GetModelImportJobCommand({ jobIdentifier: id })));
      return (
        job && {
          arn: job.jobArn!,
          status: job.status!,
          modelArn: job.importedModelArn,
          failureMessage: job.failureMessage,
        }
      );
    },

    /** All jobs there ever were for a model, the newest first. */
    async jobsFor(importName: string): Promise<readonly ImportJob[]> {
      const prefix = jobNamePrefix(importName);
      const jobs: ImportJob[] = [];
      const pages = paginateListModelImportJobs(
        { client },
        { nameContains: prefix, sortBy: 'CreationTime', sortOrder: 'Descending' },
      );
      for await (const { modelImportJobSummaries = [] } of pages) {
        for (const { jobArn, jobName, status, importedModelArn } of modelImportJobSummaries) {
          if (jobName!.startsWith(prefix)) jobs.push({ arn: jobArn!, status: status!, modelArn: importedModelArn });
        }
      }
      return jobs;
    },

    /** Whether anything is being imported in this account and Region. */
    async isImporting(): Promise<boolean> {
      for await (const page of paginateListModelImportJobs({ client }, { statusEquals: 'InProgress' })) {
        if (page.modelImportJobSummaries?.length) return true;
      }
      return false;
    },

    async start(importName: string, jobName: string, properties: ImportProperties): Promise<void> {
      const { WeightsUri, RoleArn, KmsKeyId, SubnetIds, SecurityGroupIds, Tags } = properties;
      await client.send(
        new CreateModelImportJobCommand({
          jobName,
          clientRequestToken: jobName,
          importedModelName: importName,
          roleArn: RoleArn,
          modelDataSource: { s3DataSource: { s3Uri: WeightsUri } },
          importedModelKmsKeyId: KmsKeyId,
          vpcConfig: SubnetIds &&
            SecurityGroupIds && { subnetIds: [...SubnetIds], securityGroupIds: [...SecurityGroupIds] },
          importedModelTags: Tags && [...Tags],
        }),
      );
    },

    async model(importName: string): Promise<Model | undefined> {
      const model = await unlessMissing(client.send(new GetImportedModelCommand({ modelIdentifier: importName })));
      const ours = model?.jobName?.startsWith(jobNamePrefix(importName)) ?? false;
      return model && { arn: model.modelArn!, jobArn: model.jobArn, ours };
    },

    async deleteModel(arn: string): Promise<void> {
      await unlessMissing(client.send(new DeleteImportedModelCommand({ modelIdentifier: arn })));
    },

    async tag(resourceARN: string, tags: readonly Tag[]): Promise<void> {
      await client.send(new TagResourceCommand({ resourceARN, tags: [...tags] }));
    },

    async untag(resourceARN: string, tagKeys: readonly string[]): Promise<void> {
      await client.send(new UntagResourceCommand({ resourceARN, tagKeys: [...tagKeys] }));
    },
  };
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
