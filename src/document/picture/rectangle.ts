// The smallest rectangle around some points, however it is turned.

export interface Point {
  x: number;
  y: number;
}

export interface Rectangle {
  x: number;
  y: number;
  /** Unit vector of the longer side, pointing right (or straight down). */
  along: Point;
  length: number;
  thickness: number;
}

/** One side of the smallest rectangle lies on a side of the hull (Freeman and Shapira 1975): try each. */
export function smallestRectangle(points: Point[]): Rectangle {
  const hull = convexHull(points);
  let best: Rectangle | null = null;
  for (const [at, from] of hull.entries()) {
    const to = hull[(at + 1) % hull.length] as Point;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length === 0) continue;
    const found = boundedAlong(hull, { x: (to.x - from.x) / length, y: (to.y - from.y) / length });
    if (!best || found.length * found.thickness < best.length * best.thickness) best = found;
  }
  return best ?? boundedAlong(hull, { x: 1, y: 0 });
}

function boundedAlong(points: Point[], axis: Point): Rectangle {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    const along = x * axis.x + y * axis.y;
    const across = y * axis.x - x * axis.y;
    left = Math.min(left, along);
    right = Math.max(right, along);
    top = Math.min(top, across);
    bottom = Math.max(bottom, across);
  }
  const [along, across] = [(left + right) / 2, (top + bottom) / 2];
  const centre = { x: along * axis.x - across * axis.y, y: along * axis.y + across * axis.x };
  const isLong = right - left >= bottom - top;
  const long = isLong ? axis : { x: -axis.y, y: axis.x };
  const isRightward = long.x > 1e-9 || (Math.abs(long.x) <= 1e-9 && long.y > 0);
  return {
    ...centre,
    along: isRightward ? long : { x: -long.x, y: -long.y },
    length: isLong ? right - left : bottom - top,
    thickness: isLong ? bottom - top : right - left,
  };
}

/** Andrew's monotone chain. */
function convexHull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (ordered: Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (chain.length >= 2 && turnsRight(chain.at(-2) as Point, chain.at(-1) as Point, point))
        chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  const hull = [...half(sorted), ...half(sorted.reverse())];
  return hull.length > 0 ? hull : points.slice(0, 1);
}

function turnsRight(a: Point, b: Point, c: Point): boolean {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) <= 0;
}
