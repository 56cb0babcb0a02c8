package zone_test

import (
	"fmt"
	"os"

	"github.com/entscope/entscope/anonymize/zone"

	"github.com/entscope/entscope/anonymize/durable"
)

// A new zone is a folder with a mark and nothing live.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	if err := zone.Claim(durable.Disk{}, dir); err != nil {
		fmt.Println(err)
		return
	}
	z, err := zone.Open(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(z.Events(), "events,", len(z.Files("people")), "files of people,", z.Buckets(), "buckets")
	// Output: 0 events, 0 files of people, 16 buckets
}
