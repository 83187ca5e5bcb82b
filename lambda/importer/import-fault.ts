/**
 * CloudFormation takes 4,096 bytes for a whole answer.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
 */
const MAX_MESSAGE_CHARACTERS = 2_000;

/** Why a resource cannot be made or deleted, as its stack event shows it. */
export class ImportFault extends Error {
  public override readonly name = 'ImportFault';

  constructor(message: string, options?: ErrorOptions) {
    super(message.replaceAll(/\s+/g, ' ').slice(0, MAX_MESSAGE_CHARACTERS), options);
    // Lambda reports the stack line by line, and the framework writes all but the first into the stack event.
    this.stack = `${this.name}: ${this.message}`;
  }
}
