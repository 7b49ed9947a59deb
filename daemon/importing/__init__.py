"""Files that staff bring and take away: tables read to typed lines with their faults, and written for spreadsheets."""
