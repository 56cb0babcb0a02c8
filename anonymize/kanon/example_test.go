package kanon_test

import (
	"context"
	"fmt"

	"github.com/entscope/entscope/anonymize/hierarchy"
	"github.com/entscope/entscope/anonymize/kanon"
	"github.com/entscope/entscope/anonymize/privacy"
)

// Six persons, two towns: towns become their county, and every county shows both
// answers.
func ExampleSearch() {
	towns, err := hierarchy.New([][]string{{"Nancy", "54"}, {"Toul", "54"}, {"Metz", "57"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	table := &kanon.Table{Columns: []kanon.Column{
		kanon.NewColumn("town", []string{"Nancy", "Toul", "Metz", "Nancy", "Metz", "Metz"}),
		kanon.NewColumn("answer", []string{"yes", "no", "yes", "no", "no", "yes"}),
	}}
	solution, err := kanon.Search(context.Background(), table, &kanon.Policy{
		K: 3, Metric: kanon.Loss,
		QuasiIdentifiers: []kanon.QuasiIdentifier{{Name: "town", Hierarchy: towns, MaxLevel: -1}},
		Sensitive:        []kanon.Sensitive{{Name: "answer", Model: privacy.DistinctL, Bound: 2}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("level %d, k = %d, %d classes, optimal: %v\n", solution.Levels["town"], solution.AchievedK,
		solution.Classes, solution.ProvedOptimal)
	released, err := solution.Apply(table)
	if err != nil {
		fmt.Println(err)
		return
	}
	for row := range released.Rows() {
		fmt.Println(released.Column("town").Text(row), released.Column("answer").Text(row))
	}
	// Output:
	// level 1, k = 3, 2 classes, optimal: true
	// 54 no
	// 54 no
	// 54 yes
	// 57 no
	// 57 yes
	// 57 yes
}
