import { ConcreteWidget, type GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IComponent } from '../../component';
import { COUNT, graph, WIDGET_SIZE } from './widgets';

/** The copies of a component. What there is to show is asked when the dashboard is rendered: a warmer may come after it. */
export class CopiesGraph extends ConcreteWidget {
  constructor(
    private readonly title: string,
    private readonly component: IComponent,
  ) {
    super(WIDGET_SIZE.width, WIDGET_SIZE.height);
  }

  public override toJson(): object[] {
    const widget = this.#draw();
    widget.position(this.x ?? 0, this.y ?? 0);
    return widget.toJson();
  }

  #draw(): GraphWidget {
    const { copiesDesired, copiesInService, noCapacityFailures } = this.component.capacityMetrics ?? {};
    return graph(this.title, {
      left: given(copiesDesired, copiesInService),
      leftYAxis: COUNT,
      right: given(noCapacityFailures),
      rightYAxis: COUNT,
    });
  }
}

function given(...metrics: (IMetric | undefined)[]): IMetric[] {
  return metrics.filter((metric) => metric !== undefined);
}
