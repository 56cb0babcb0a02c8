package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/entscope/entscope/ingest"
	"github.com/entscope/entscope/ingest/format/cas"
)

// A delivery read to its end: every record is an event, ignored by a rule, or a
// reject, and nothing of it is kept.
func ExampleAccount() {
	clock, err := ingest.NewClock("Europe/Paris")
	if err != nil {
		fmt.Println(err)
		return
	}
	delivery := "Wed Oct 01 08:02:27 CEST 2025|m.durand|TGT-1|TICKET_GRANTING_TICKET_CREATED|10.0.0.1|10.0.0.2|\n" +
		"Wed Oct 01 08:02:27 CEST 2025|m.durand|ST-1|SERVICE_TICKET_VALIDATE_SUCCESS|10.0.0.1|10.0.0.2|\n" +
		"no record of CAS\n"
	found, err := ingest.Account(context.Background(), strings.NewReader(delivery), cas.New(cas.Options{Clock: clock}),
		1, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.Read, "read:", found.Events, "event,", found.Skipped(), "ignored,", found.Rejected(), "rejected")
	fmt.Println(time.UnixMilli(found.FirstMs).UTC().Format(time.DateTime))
	// Output:
	// 3 read: 1 event, 1 ignored, 1 rejected
	// 2025-10-01 06:02:27
}
