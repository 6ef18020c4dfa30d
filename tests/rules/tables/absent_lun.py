"""[absent-lun]"""

from tests.rules.table import FREE, SHIPPED, Made, illegal, legal, table

ONE_DIE = Made((1, 2, 3, 4))

TABLE = table(
    "absent-lun",
    SHIPPED,
    legal("a status read of LUN 0 with die 0", "0.0 LUN_Status_Read_for_LUN0 die 0 shows ready"),
    legal("a status read of LUN 1 with die 1", "0.0 LUN_Status_Read_for_LUN1 die 1 shows ready"),
    legal("a status read without a LUN of die 1", "0.0 Read_Status_Enhanced_70h die 1 shows ready"),
    illegal("a status read of LUN 0 with die 1", "0.0 LUN_Status_Read_for_LUN0 die 1 shows ready"),
    illegal("a status read of LUN 1 with die 0", "0.0 LUN_Status_Read_for_LUN1 die 0 shows ready"),
    illegal("a status read of LUN 2 of a device with two dies", "0.0 LUN_Status_Read_for_LUN2 die 0 shows ready"),
    illegal(
        "a status read of LUN 1 of a device with one die",
        "0 LUN_Status_Read_for_LUN1 die 0 shows ready",
        device=ONE_DIE,
    ),
    legal(
        "a status read of LUN 1 of a device with two dies", "0 LUN_Status_Read_for_LUN1 die 1 shows ready", device=FREE
    ),
)
