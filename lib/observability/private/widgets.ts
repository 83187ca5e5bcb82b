import { GraphWidget, type GraphWidgetProps } from 'aws-cdk-lib/aws-cloudwatch';

/** Three graphs a row, of the 24 columns that a dashboard has. */
export const WIDGET_SIZE = { width: 8, height: 6 };

export const ROW_WIDTH = 24;

export const MILLISECONDS = { label: 'ms', showUnits: false, min: 0 };
export const COUNT = { label: 'count', showUnits: false, min: 0 };
export const DOLLARS = { label: 'USD', showUnits: false, min: 0 };
export const PERCENT = { label: '%', showUnits: false, min: 0, max: 100 };

export function graph(title: string, props: GraphWidgetProps): GraphWidget {
  return new GraphWidget({ title, ...WIDGET_SIZE, ...props });
}
