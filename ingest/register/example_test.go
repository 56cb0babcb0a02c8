package register_test

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/entscope/entscope/ingest/register"
)

func ExampleReference() {
	var b bytes.Buffer
	if err := register.Reference(&b); err != nil {
		fmt.Println(err)
		return
	}
	_, loans, _ := strings.Cut(b.String(), "## `[registers.loans]`")
	loans, _, _ = strings.Cut(loans, "##")
	fmt.Println(strings.TrimSpace(loans))
	// Output:
	// Loan of equipment to the family of a child, or the wait for one.
	// Prêt de matériel à la famille d’un élève, ou attente d’un prêt.
	//
	// Read by: F4.
	//
	// | field | type | needed | words | meaning | sens |
	// |---|---|---|---|---|---|
	// | `child` | pupil | yes |  | pupil | élève |
	// | `requested` | day |  |  | day of the request | jour de la demande |
	// | `start` | day |  |  | day of the loan; empty: still waiting | jour du prêt ; vide : en attente |
	// | `end` | day |  |  | day of return; empty: not given back | jour du retour ; vide : pas rendu |
	//
	// A row has at least one of requested, start.
	//
	// Example: `u-e1;2025-09-20;2025-10-01;2026-06-30`
}
