package query_test

import (
	"fmt"

	"github.com/entscope/entscope/analysis/query"
)

// What a question reads is declared in its file, and goes into the codebook.
func ExampleReads() {
	r, err := query.Reads("times")
	fmt.Println(r.Table, r.Columns, err)
	// Output:
	// times [grouping group cluster schools bin persons at_risk events censored curve] <nil>
}
