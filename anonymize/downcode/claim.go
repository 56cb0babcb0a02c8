package downcode

// claim bounds how many of the n rows of a class are beneath each value below one generalised cell.
type claim struct {
	class, column int
	node          int32
	n             int
	low, high     []int // of the values below the node
	// minimal says that the cell is taken for the lowest value that holds its class.
	minimal bool
	world   *fits // nil without a table of the persons
}

// fits counts the persons of a table who fit a class beneath each value below a cell, who are all that fit.
type fits struct {
	persons []int
	// counted says that each row is one person, so that no more rows than persons can be beneath a value.
	counted bool
}

// begin sets the bounds to what the class alone allows, and reports whether any counts do.
func (c *claim) begin() bool {
	most := c.n
	if c.minimal {
		most--
	}
	c.low, c.high = make([]int, len(c.low)), make([]int, len(c.low))
	for i := range c.high {
		c.high[i] = most
		if c.world != nil && (c.world.counted || c.world.persons[i] == 0) {
			c.high[i] = min(most, c.world.persons[i])
		}
	}
	return c.tighten()
}

// tighten bounds each count by what the others leave, and reports whether any counts meet the bounds.
func (c *claim) tighten() bool {
	low, high := 0, 0
	for i := range c.low {
		low, high = low+c.low[i], high+c.high[i]
	}
	for i := range c.low {
		if c.low[i] > c.high[i] {
			return false
		}
		c.low[i], c.high[i] = max(c.low[i], c.n-high+c.high[i]), min(c.high[i], c.n-low+c.low[i])
	}
	return low <= c.n && c.n <= high
}

// narrowed reports whether a value below is certain to be there, or not to be.
func (c *claim) narrowed() bool {
	for i := range c.low {
		if c.low[i] > 0 || c.high[i] == 0 {
			return true
		}
	}
	return false
}

// known reports whether the number of rows beneath each value is certain.
func (c *claim) known() bool {
	for i := range c.low {
		if c.low[i] != c.high[i] {
			return false
		}
	}
	return true
}

// right reports whether the true counts are within the bounds.
func (c *claim) right(counts []int) bool {
	for i, n := range counts {
		if n < c.low[i] || n > c.high[i] {
			return false
		}
	}
	return true
}
