package aggregate_test

import (
	"fmt"
	"strings"

	"github.com/entscope/entscope/ingest/aggregate"
)

// What an entcore platform counts of itself, by month and profile.
func ExamplePlatform_Read() {
	p := aggregate.NewPlatform()
	err := p.Read("accounts.csv", strings.NewReader("date;etablissement;profil;connexions;visiteurs uniques\n"+
		"2025-10;Collège A;Relative;120;40\n2025-10;Collège B;Relative;30;12\n"))
	fmt.Println(p.Rows, p.Schools, err)
	for cell, figures := range p.Tables[aggregate.Accounts] {
		fmt.Println(cell.MonthName(), figures.Logins, figures.Visitors)
	}
	// Output:
	// 2 map[entcore accounts:2] <nil>
	// 2025-10 150 52
}
