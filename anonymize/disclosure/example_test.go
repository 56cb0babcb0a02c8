package disclosure

import "fmt"

// A total and its two groups, one of them too small: the other is hidden too, since
// the total less the other would give it away.
func ExampleProtect() {
	policy, err := ParsePolicy(DefaultPolicy())
	if err != nil {
		fmt.Println(err)
		return
	}
	cells := []Cell{
		{Persons: 207, Part: 52, Counted: true, Floor: 11},
		{Persons: 200, Part: 50, Counted: true, Floor: 11},
		{Persons: 7, Part: 2, Counted: true, Floor: 11},
	}
	sum := Equation{Total: Term{Cell: 0}, Parts: []Term{{Cell: 1}, {Cell: 2}}}
	decisions, err := Protect(cells, []Equation{sum}, nil, policy)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range decisions {
		fmt.Println(d.Status)
	}
	// Output:
	// V
	// D
	// A
}
